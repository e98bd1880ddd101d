// One condition as a row: what is read, how it is compared, with what. Groups hold rows of which one is enough.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lookup } from "../i18n";
import { currency, Icon } from "../ui/parts";
import { attributeOf, labelOf, operatorsOf } from "./attributes";
import { complete } from "./condition";
import { NumberField } from "./parts";
import { useCampaignWords } from "./words";
import type { Attribute, Compare, Condition, Schema } from "./wire";

export interface Known { schema: Schema | null; all: readonly Attribute[]; pick: (then: (row: Compare) => void) => void }

export function nameOfRow(row: Condition, all: readonly Attribute[]): string {
  return row.kind === "compare" ? labelOf(all, row.name) : row.kind === "text" ? row.text : row.rows.map((one) => nameOfRow(one, all)).join(", ");
}

export function RowEditor({ row, known, onChange, onRemove }: { row: Condition; known: Known; onChange: (row: Condition) => void; onRemove: () => void }): JSX.Element {
  const words = useCampaignWords();
  const remove = <button type="button" class="quiet remove" aria-label={words.who.removeRow(nameOfRow(row, known.all))} title={words.who.removeRow(nameOfRow(row, known.all))} onClick={onRemove}><Icon name="x" /></button>;
  if (row.kind === "compare") return <div class="condition"><Comparison row={row} known={known} onChange={(next) => onChange(plainly(next))} />{remove}</div>;
  if (row.kind === "text") return <div class="condition"><span class="quiet-text">{words.who.exact}</span><input class="exact" spellcheck={false} aria-label={words.who.exact} value={row.text} onInput={(event) => onChange({ ...row, text: event.currentTarget.value })} />{remove}</div>;
  return <div class="condition"><Group rows={row.rows} known={known} onChange={(rows) => (rows.length === 0 ? onRemove() : onChange({ ...row, rows }))} />{remove}</div>;
}

/** Without the notes on how a value was written: it is another one now. */
function plainly(row: Condition): Condition {
  if (row.kind !== "compare") return row;
  const { decimal: _decimal, written: _written, ...rest } = row;
  return rest;
}

function Group({ rows, known, onChange }: { rows: readonly Condition[]; known: Known; onChange: (rows: readonly Condition[]) => void }): JSX.Element {
  const words = useCampaignWords();
  return (
    <div class="group">
      <span class="paren left" />
      <div>
        {rows.map((one, at) => (
          <div class="group-row" key={at}>{at > 0 && <span class="or">{words.who.or}</span>}
            <RowEditor row={one} known={known} onChange={(next) => onChange(rows.map((each, index) => (index === at ? next : each)))} onRemove={() => onChange(rows.filter((_, index) => index !== at))} />
          </div>
        ))}
        <button type="button" class="quiet small" onClick={() => known.pick((row) => onChange([...rows, row]))}><Icon name="plus" />{words.who.or}…<span class="hidden"> {words.who.addTo}</span></button>
      </div>
      <span class="paren right" />
    </div>
  );
}

function Comparison({ row, known, onChange }: { row: Compare; known: Known; onChange: (row: Condition) => void }): JSX.Element {
  const words = useCampaignWords();
  const attribute = attributeOf(known.all, row.name);
  const label = labelOf(known.all, row.name);
  const type = attribute?.type ?? (typeof row.value === "boolean" ? "bool" : typeof row.value === "number" ? "number" : "string");
  const operators = operatorsOf(known.schema, type);
  const change = (op: string): void => {
    const list = Array.isArray(row.value);
    const value = op === "in" ? (list ? row.value : [row.value as string].filter((one) => one !== "")) : list ? ((row.value as readonly string[])[0] ?? "") : row.value;
    onChange({ ...row, op, value });
  };
  return (
    <>
      <button type="button" class="attribute" title={row.name} onClick={() => known.pick((next) => onChange(next))}>{label}</button>
      {operators.length > 1 || row.op !== "is" ? <select aria-label={words.who.operator(label)} value={row.op} onChange={(event) => change(event.currentTarget.value)}>{[...new Set([...operators, row.op])].map((op) => <option key={op} value={op}>{lookup(words.ops, op)}</option>)}</select> : <span>{words.ops.is}</span>}
      <Value row={row} attribute={attribute} type={type} label={label} onChange={onChange} />
      {!complete(row) && <small class="unfinished"><Icon name="circle-alert" />{words.who.complete}</small>}
    </>
  );
}

function Value({ row, attribute, type, label, onChange }: { row: Compare; attribute: Attribute | null; type: string; label: string; onChange: (row: Condition) => void }): JSX.Element {
  const words = useCampaignWords();
  const name = words.who.value(label);
  if (type === "bool" || row.op === "is") return <select aria-label={name} value={String(row.value)} onChange={(event) => onChange({ ...row, value: event.currentTarget.value === "true" })}><option value="true">{words.yes}</option><option value="false">{words.no}</option></select>;
  if (type === "duration") return <Length row={row} label={label} onChange={onChange} />;
  if (row.op === "in") return <ListField row={row} name={name} type={type} onChange={onChange} />;
  if (type === "int" || type === "number") return <><NumberField label={name} value={typeof row.value === "number" ? row.value : null} onNumber={(value) => onChange({ ...row, value })} /><Unit unit={row.unit || attribute?.unit || ""} /></>;
  if (attribute?.values && ["==", "!="].includes(row.op)) return <select aria-label={name} value={String(row.value)} onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}>{[...new Set([...attribute.values, String(row.value)])].map((one) => <option key={one}>{one}</option>)}</select>;
  const typed = (text: string): string | number => (type === "any" && typeof row.value === "number" && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  return <input class="text-value" aria-label={name} value={String(row.value ?? "")} size={Math.max(8, String(row.value ?? "").length)} onInput={(event) => onChange({ ...row, value: typed(event.currentTarget.value) })} />;
}

function Unit({ unit }: { unit: string }): JSX.Element | null {
  const words = useCampaignWords();
  const language = document.documentElement.lang || "fr";
  if (!unit) return null;
  const money = unit === "shop currency" || unit === "currency";
  const sign = money ? new Intl.NumberFormat(language, { style: "currency", currency: currency(), currencyDisplay: "narrowSymbol" }).formatToParts(1).find((part) => part.type === "currency")?.value : lookup(words.units, unit);
  return sign ? <span class="unit">{sign}</span> : null;
}

/** Several values, one per comma; the text stays as it is typed. */
function ListField({ row, name, type, onChange }: { row: Compare; name: string; type: string; onChange: (row: Condition) => void }): JSX.Element {
  const words = useCampaignWords();
  const values = Array.isArray(row.value) ? row.value : [row.value];
  const [text, setText] = useState(values.join(", "));
  const take = (typed: string): void => {
    setText(typed);
    const parts = typed.split(",").map((one) => one.trim()).filter(Boolean);
    onChange({ ...row, value: type === "int" || type === "number" ? parts.map(Number).filter(Number.isFinite) : parts });
  };
  return <><input class="text-value" aria-label={name} value={text} size={Math.max(12, text.length)} onInput={(event) => take(event.currentTarget.value)} /><small class="quiet-text">{words.who.each}</small></>;
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
type Sized = keyof typeof SECONDS;
const sizeOf = (seconds: number): Sized => (["d", "h", "m"] as const).find((one) => seconds >= SECONDS[one] && seconds % SECONDS[one] === 0) ?? "s";

/** A length of time: kept in seconds, written in the largest unit that is whole. */
function Length({ row, label, onChange }: { row: Compare; label: string; onChange: (row: Condition) => void }): JSX.Element {
  const words = useCampaignWords();
  const seconds = typeof row.value === "number" ? row.value : null;
  const [unit, setUnit] = useState<Sized>(sizeOf(seconds ?? 0));
  const [factor, shown] = [SECONDS[unit], seconds === null ? null : seconds / SECONDS[unit]];
  return (
    <>
      <NumberField label={words.who.value(label)} min={0} value={shown} onNumber={(value) => onChange({ ...row, value: value === null ? null : value * factor, unit: "s" })} />
      <select aria-label={words.who.unit(label)} value={unit} onChange={(event) => { const next = event.currentTarget.value as Sized; setUnit(next); onChange({ ...row, value: shown === null ? null : shown * SECONDS[next], unit: "s" }); }}>
        {(Object.keys(SECONDS) as Sized[]).map((one) => <option key={one} value={one}>{words.units[one]}</option>)}
      </select>
    </>
  );
}
