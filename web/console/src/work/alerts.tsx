// What calls this agent back, in this browser: sounds by event with their loudness, notifications, when he is set away.
import type { JSX } from "preact";
import { setDesktop } from "../actions";
import { AWAY_MINUTES, chime, EVENTS, setAlerts, type Event } from "../notify";
import { useWords } from "../i18n";
import { update, useStore } from "../store";
import { Dialog } from "../ui/parts";

export function Alerts(): JSX.Element {
  const words = useWords();
  const alerts = useStore((state) => state.alerts);
  const desktop = useStore((state) => state.desktop);
  const preview = useStore((state) => state.me?.site.typing_preview ?? false);
  const close = (): void => update({ asking: null });
  const toggle = (event: Event, on: boolean): void => {
    setAlerts({ ...alerts, [event]: on });
    if (on) chime(event);
  };
  return (
    <Dialog label={words.work.alerts} onClose={close}>
      <h2>{words.work.alerts}</h2>
      <div class="work-form">
        <fieldset><legend>{words.work.sounds}</legend>
          {EVENTS.map((event, index) => <label key={event} class="choice"><input type="checkbox" autofocus={index === 0} checked={alerts[event]} onChange={(change) => toggle(event, change.currentTarget.checked)} /><span>{words.work.events[event]}</span></label>)}
          <label class="field volume"><span>{words.work.volume}</span><input type="range" min={0} max={100} step={10} value={alerts.volume} onInput={(event) => setAlerts({ ...alerts, volume: Number(event.currentTarget.value) })} onChange={() => chime("message")} /></label>
        </fieldset>
        <label class="choice"><input type="checkbox" checked={desktop} onChange={(event) => void setDesktop(event.currentTarget.checked)} /><span>{words.head.desktop}</span></label>
        <label class="field"><span>{words.work.autoAway}</span><select value={alerts.away} onChange={(event) => setAlerts({ ...alerts, away: Number(event.currentTarget.value) })}>{AWAY_MINUTES.map((one) => <option key={one} value={one}>{one === 0 ? words.work.never : words.work.minutes(one)}</option>)}</select></label>
        <p class="quiet-text">{preview ? words.work.previewOn : words.work.previewOff}</p>
        <p class="actions"><button type="button" onClick={close}>{words.help.dismiss}</button></p>
      </div>
    </Dialog>
  );
}
