// Which screen stands: opening, sign-in, or the console with its rail, its head and what is in front.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { start } from "../actions";
import { converses } from "../rights";
import { useWords } from "../i18n";
import { update, useStore } from "../store";
import { Exchanges } from "./exchanges";
import { Head } from "./head";
import { Help } from "./help";
import { Install } from "./install";
import { later } from "./later";
import { Notice } from "./notice";
import { Palette } from "./palette";
import { admin, board, campaigns, colleagues, goals, library, plan, team } from "./parted";
import { Loading, Mark } from "./parts";
import { Rail } from "./rail";
import { SetUp, SignIn } from "./signin";
import { Transcript } from "./transcript";
import { Transfer } from "./transfer";
import { Visitors } from "./visitors";

const Campaigns = later(async () => (await campaigns()).Campaigns);
const Board = later(async () => (await board()).Board);
const Colleagues = later(async () => (await colleagues()).Colleagues);
const Asked = later(async () => (await import("../work/index")).Asked);
const Library = later(async () => (await library()).Library);
const Team = later(async () => (await team()).Team);
const Goals = later(async () => (await goals()).Goals);
const Plan = later(async () => (await plan()).Plan);
const Account = later(async () => (await admin()).Account);
const Settings = later(async () => (await admin()).Settings);
const Forgot = later(async () => (await admin()).Forgot);
const ByLink = later(async () => (await admin()).ByLink);

export function App(): JSX.Element {
  const phase = useStore((state) => state.phase);
  if (phase === "ready") return <Console />;
  if (phase === "signed-out") return <SignIn />;
  if (phase === "setup") return <SetUp />;
  if (phase === "forgot") return <Forgot />;
  if (phase === "link") return <ByLink />;
  return phase === "boot" ? <Boot /> : <Unreachable />;
}

function Boot(): JSX.Element {
  const words = useWords();
  return <main class="door"><Loading label={words.boot.loading} rows={3} /></main>;
}

function Unreachable(): JSX.Element {
  const words = useWords();
  return (
    <main class="door">
      <Mark size={40} />
      <h1>{words.boot.unreachable}</h1>
      <p>{words.boot.safe}</p>
      <button type="button" class="primary" onClick={() => void start()}>{words.boot.retry}</button>
    </main>
  );
}

function Console(): JSX.Element {
  const words = useWords();
  const screen = useStore((state) => state.screen);
  const palette = useStore((state) => state.palette);
  const help = useStore((state) => state.help);
  const transcript = useStore((state) => state.transcript);
  const asking = useStore((state) => state.asking);
  const handed = useStore((state) => state.mine.find((conv) => conv.id === state.transfer) ?? null);
  const room = useStore((state) => state.room);
  const talks = useStore((state) => converses(state.me));
  // What colleagues say is counted while the panel is closed, too; without this part the panel itself says that it did not arrive.
  useEffect(() => { if (talks) colleagues().then((part) => part.startTalk(), () => undefined); }, [talks]);
  return (
    <div class="console">
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>{words.skip}</a>
      <Rail />
      <Head />
      <main id="main" tabIndex={-1} class={`screen ${screen}`}>
        <Notice />
        {screen === "exchanges" && <Exchanges />}
        {screen === "visitors" && <Visitors />}
        {screen === "campaigns" && <Campaigns />}
        {screen === "board" && <Board />}
        {screen === "team" && <Team />}
        {screen === "library" && <Library />}
        {screen === "goals" && <Goals />}
        {screen === "plan" && <Plan />}
        {screen === "install" && <Install />}
        {screen === "account" && <Account />}
        {screen === "settings" && <Settings />}
      </main>
      {room !== null && <aside class="colleagues" aria-label={words.nav.colleagues}><Colleagues /></aside>}
      <Toasts />
      {palette && <Palette />}
      {help && <Help onClose={() => update({ help: false })} />}
      {handed && <Transfer conv={handed} key={handed.id} />}
      {asking && <Asked asking={asking} key={asking.kind} />}
      {transcript !== null && <Transcript conv={transcript} />}
    </div>
  );
}

function Toasts(): JSX.Element {
  const toasts = useStore((state) => state.toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((one) => <p key={one.id} class={one.alert ? "toast alert" : "toast"}>{one.text}</p>)}
    </div>
  );
}
