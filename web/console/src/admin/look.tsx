// How the widget looks on the shop's pages: colours, corner, fonts, words, and beside them what comes of it.
import type { CSSProperties, JSX } from "preact";
import { number } from "../format";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import type { Draft, Word } from "./draft";
import { Part } from "./parts";
import { type Form, Judge } from "./site";
import { useAdminWords } from "./words";

/** WCAG 2 AA, of text on its ground. */
const LEAST = 4.5;
const OURS = ["#5F1F45", "#FFFDF9"];
const COLOUR = /^#[0-9a-f]{6}$/i;

/** As WCAG 2 counts it, 1 to 21; null for what is no colour. */
export function contrast(one: string, other: string): number | null {
  if (!COLOUR.test(one) || !COLOUR.test(other)) return null;
  const [light, dark] = [one, other].map((colour) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! + 0.05;
  }).sort((a, b) => b - a);
  return light! / dark!;
}

export function LookPart(form: Form): JSX.Element {
  const { draft, put } = form;
  const words = useAdminWords().site;
  const language = useStore((state) => state.language);
  const ratio = contrast(draft.colour, draft.on_colour);
  const colour = (name: "colour" | "on_colour", hint?: string): JSX.Element => (
    <Judge where={`look.${name}`} label={words[name]} {...(hint ? { hint } : {})} form={form}>{(aria) => (
      <span class="colour"><input type="color" aria-label={words.pick(words[name])} value={COLOUR.test(draft[name]) ? draft[name] : "#000000"} onInput={(event) => put({ [name]: event.currentTarget.value.toUpperCase() })} /><input {...aria} maxLength={7} spellcheck={false} autocomplete="off" value={draft[name]} onInput={(event) => put({ [name]: event.currentTarget.value })} /></span>
    )}</Judge>
  );
  return (
    <Part id="look-title" title={words.look}>
      <div class="look">
        <div class="look-fields">
          {colour("colour")}
          {colour("on_colour", ratio === null ? undefined : words.contrast(number(ratio, language, 1), ratio >= LEAST))}
          <Judge where="look.radius" label={words.radius} form={form}>{(aria) => <span class="with-unit"><input {...aria} inputMode="numeric" maxLength={2} value={draft.radius} onInput={(event) => put({ radius: event.currentTarget.value })} /><span aria-hidden="true">px</span></span>}</Judge>
          <Judge where="look.position" label={words.position} form={form}>{(aria) => <select {...aria} value={draft.position} onChange={(event) => put({ position: event.currentTarget.value as Draft["position"] })}><option value="right">{words.positions.right}</option><option value="left">{words.positions.left}</option></select>}</Judge>
          <Judge where="look.font" label={words.font} hint={words.fontHint} form={form}>{(aria) => <input {...aria} maxLength={200} spellcheck={false} value={draft.font} onInput={(event) => put({ font: event.currentTarget.value })} />}</Judge>
          <Judge where="look.quote_font" label={words.quoteFont} hint={words.quoteFontHint} form={form}>{(aria) => <input {...aria} maxLength={200} spellcheck={false} value={draft.quote_font} onInput={(event) => put({ quote_font: event.currentTarget.value })} />}</Judge>
        </div>
        <Preview {...form} />
      </div>
      <Words {...form} />
    </Part>
  );
}

const wordOf = (draft: Draft, name: string, otherwise: string): string => draft.words.find((one) => one.language === draft.language && one.name === name)?.text || otherwise;

/** An invitation and the button as they would be, in colours that would be taken; a picture, not to be used. */
function Preview({ known, draft }: Form): JSX.Element {
  const words = useAdminWords().site;
  const [colour, ink] = [[draft.colour, draft.on_colour], [known.look.colour, known.look.on_colour]].find(([one, other]) => (contrast(one!, other!) ?? 0) >= LEAST) ?? OURS;
  const font = draft.font === "inherit" ? "inherit" : draft.font;
  const style = { "--c": colour!, "--o": ink!, "--d": (contrast(colour!, "#ffffff") ?? 0) >= LEAST ? colour : "#221e14", "--r": `${Number(draft.radius) || 0}px`, fontFamily: font } as CSSProperties;
  return (
    <figure class="look-preview">
      <div class={`look-shop ${draft.position}`} style={style} aria-hidden="true">
        <div class="look-card"><b>{wordOf(draft, "team", words.sample.team)}</b><q style={{ fontFamily: draft.quote_font || (font === "inherit" ? "var(--serif)" : font) }}>{words.sample.message}</q><span class="look-answers"><span class="look-main">{wordOf(draft, "accept", words.sample.accept)}</span><span>{wordOf(draft, "decline", words.sample.decline)}</span></span></div>
        {draft.button && draft.mode !== "off" && <span class="look-launcher"><Icon name="messages-square" />{wordOf(draft, "launcher", words.sample.launcher)}</span>}
      </div>
      <figcaption>{words.previewCaption}</figcaption>
    </figure>
  );
}

/** The words that the site says in its own way. */
function Words(form: Form): JSX.Element {
  const { known, draft, put } = form;
  const words = useAdminWords().site;
  const fault = ({ language, name }: Word): string => form.fault(`words.${language}.${name}`) || form.fault(`words.${language}`);
  const change = (at: number, part: Partial<Word>): void => put({ words: draft.words.map((one, place) => (place === at ? { ...one, ...part } : one)) });
  return (
    <fieldset class="bare own-words"><legend>{words.words}</legend>
      <p class="part-lead">{words.wordsLead}</p>
      {draft.words.map((one, at) => (
        <div key={at} class="own-word">
          <select aria-label={words.wordLanguage} value={one.language} onChange={(event) => change(at, { language: event.currentTarget.value })}>{known.languages.map((each) => <option key={each} value={each}>{each}</option>)}</select>
          <select aria-label={words.word} value={one.name} onChange={(event) => change(at, { name: event.currentTarget.value })}><option value="">{words.chooseWord}</option>{known.word_names.map((each) => <option key={each} value={each}>{each}</option>)}</select>
          <input aria-label={words.textOf(one.name || words.word)} aria-invalid={fault(one) ? true : undefined} aria-describedby={fault(one) ? `own-word-${at}` : undefined} lang={one.language} maxLength={300} value={one.text} onInput={(event) => change(at, { text: event.currentTarget.value })} />
          <button type="button" class="quiet" aria-label={words.dropWord(one.name || words.word)} onClick={() => put({ words: draft.words.filter((_, place) => place !== at) })}><Icon name="x" /></button>
          {fault(one) && <small id={`own-word-${at}`} class="problem"><Icon name="circle-alert" />{fault(one)}</small>}
        </div>
      ))}
      <button type="button" onClick={() => put({ words: [...draft.words, { language: known.languages.includes(draft.language) ? draft.language : known.language, name: "", text: "" }] })}><Icon name="plus" />{words.addWord}</button>
    </fieldset>
  );
}
