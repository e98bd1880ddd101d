// Promises the visitor a call: number, day and time by the shop's clock. An hour at which nobody works is refused, and the next one proposed.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Refused } from "../api";
import { when } from "../format";
import { useWords } from "../i18n";
import { newCid } from "../outbox";
import { toast, update, useStore } from "../store";
import type { Conv } from "../wire";
import { zone } from "../ui/parts";
import { tried } from "./acts";
import { calls } from "./calls";
import { Ask } from "./visitor";

const HOUR = 3_600_000;

/** Day and time as the fields have them, by the shop's clock: 2026-11-24 and 10:00. */
function fields(at: number): [string, string] {
  const [day, time] = new Date(at).toLocaleString("sv-SE", { timeZone: zone() }).split(" ") as [string, string];
  return [day, time.slice(0, 5)];
}

export function Callback({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const traits = useStore((state) => state.journeys[conv.visitor]?.data?.traits);
  const [cid] = useState(newCid);
  const [phone, setPhone] = useState(conv.form.phone ?? String(traits?.phone ?? ""));
  const [name, setName] = useState(conv.form.name ?? String(traits?.name ?? ""));
  const [[day, time], setMoment] = useState(() => fields(Math.ceil(Date.now() / HOUR + 1) * HOUR));
  const [note, setNote] = useState("");
  const [next, setNext] = useState<number | null>(null);
  const send = async (): Promise<string | null> => {
    setNext(null);
    if (!phone.trim()) return "bad_phone";
    if (!day || !time) return "bad_time";
    return tried(async () => {
      try {
        const made = await calls.callback(conv, cid, { phone: phone.trim(), at: `${day}T${time}`, note: note.trim(), name: name.trim() });
        update({ asking: null });
        toast(words.work.callbackBooked(when(made.due_at ?? 0, Date.now(), language, zone())));
      } catch (error) {
        if (error instanceof Refused && typeof error.body.next === "number") setNext(error.body.next);
        throw error;
      }
    });
  };
  const said = (at: number): string => when(at, Date.now(), language, zone());
  return (
    <Ask title={words.work.callback} lead={words.work.callbackLead} verb={words.work.callback} send={send}>
      <div class="work-pair">
        <label class="field"><span>{words.requests.phone}</span><input type="tel" autofocus maxLength={60} value={phone} onInput={(event) => setPhone(event.currentTarget.value)} /></label>
        <label class="field"><span>{words.requests.name}</span><input maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <label class="field"><span>{words.work.callbackDay}</span><input type="date" min={fields(Date.now())[0]} value={day} onInput={(event) => setMoment([event.currentTarget.value, time])} /></label>
        <label class="field"><span>{words.work.callbackTime}</span><input type="time" step={300} value={time} onInput={(event) => setMoment([day, event.currentTarget.value])} /></label>
      </div>
      <p class="quiet-text">{words.work.callbackZone(zone())}</p>
      <label class="field"><span>{words.work.callbackNote}</span><textarea rows={2} maxLength={4000} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>
      {next !== null && <button type="button" class="suggestion" onClick={() => { setMoment(fields(next)); setNext(null); }}><span>{words.work.callbackNext(said(next))}</span></button>}
    </Ask>
  );
}
