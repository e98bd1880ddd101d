/**
 * The few lines that keep what is on the screen equal to what should be there: JSX in, as few changes of the document
 * as possible out. Components are plain functions; a node keeps its identity, and so its focus and its scrolling, as
 * long as it has the same place or the same key among its siblings. Text stays text, nothing is ever read as HTML.
 */

type Properties = Record<string, any>;
export interface Made {
  type: string | ((properties: any) => unknown);
  properties: Properties;
  key?: string | number;
}
type Known = Map<string, ChildNode & Properties>;

declare global {
  namespace JSX {
    type Element = any;
    interface IntrinsicElements {
      [name: string]: any;
    }
    interface ElementChildrenAttribute {
      children: unknown;
    }
    interface IntrinsicAttributes {
      key?: string | number;
    }
  }
}

export const h = (type: Made["type"], properties: Properties | null, ...children: unknown[]): Made => ({
  type,
  properties: { children, ...properties },
  key: properties?.key,
});

export const Fragment = ({ children }: { children?: unknown }): unknown => children;

const known = new WeakMap<Node, Known>();

/** Components called and lists laid flat; every node under the path of places and keys that leads to it. */
const spread = (child: any, path: string, into: Map<string, any>): void => {
  if (Array.isArray(child)) child.forEach((one, at) => spread(one, `${path}.${one?.key ?? at}`, into));
  else if (typeof child?.type == "function") spread(child.type(child.properties), path, into);
  else if (child || child === 0) into.set(path, child);
};

const worn = new WeakMap<Node, Properties>();

const dress = (node: any, properties: Properties): void => {
  const before = worn.get(node);
  worn.set(node, properties);
  for (const name in { ...before, ...properties }) {
    const value = properties[name];
    if (/^on/.test(name)) node[name.toLowerCase()] = value;
    else if (!(name in properties)) node.removeAttribute(name);
    else if (name == "ref") value.current = node;
    // Not as an attribute: a strict content policy forbids those, not the object.
    else if (name == "style") node.style.cssText = value;
    else if (name == "value") {
      if (node.value != value) node.value = value;
    } else if (!/^(children|key)$/.test(name) && node.getAttribute(name) != String(value)) node.setAttribute(name, value);
  }
};

const make = ({ type }: any): any =>
  !type
    ? new Text()
    : /^(svg|path)$/.test(type)
      ? document.createElementNS("http://www.w3.org/2000/svg", type)
      : document.createElement(type);

/** Make the children of a node what they should be. */
export const render = (child: unknown, parent: ParentNode & Node): void => {
  const wanted = new Map<string, any>();
  const before: Known = known.get(parent) || new Map();
  const after: Known = new Map();
  spread(child, "", wanted);
  before.forEach((node, path) => {
    const same = wanted.has(path) && wanted.get(path).type == node.localName;
    if (!same) before.delete(path) && node.remove();
  });
  let at = parent.firstChild;
  wanted.forEach((one, path) => {
    const node = before.get(path) || make(one);
    after.set(path, node);
    if (!one.type) {
      if (node.data !== one + "") node.data = one;
    } else {
      dress(node, one.properties);
      render(one.properties.children, node);
    }
    if (node == at) at = at!.nextSibling;
    else parent.insertBefore(node, at);
  });
  known.set(parent, after);
};
