// The agent console of Aparté.
import { render } from "preact";
import "./base.css";
import "./shell.css";
import "./exchanges.css";
import "./live.css";
import "./install.css";
import "./campaigns/list.css";
import "./campaigns/builder.css";
import "./desk.css";
import "./board/board.css";
import "./goals/goals.css";
import "./plan/plan.css";
import "./plan/discovery.css";
import "./colleagues/colleagues.css";
import "./team/team.css";
import "./work/work.css";
import "./library/library.css";
import "./admin/admin.css";
import { followAddress, start } from "./actions";
import { ready } from "./i18n";
import { startKeyboard } from "./keyboard";
import { startNotifying } from "./notify";
import { get, subscribe } from "./store";
import { App } from "./ui/app";

function dress(): void {
  const { theme, language } = get();
  const root = document.documentElement;
  if (theme === "system") root.removeAttribute("data-theme");
  else root.dataset.theme = theme;
  root.lang = language;
}

function begin(): void {
  subscribe(dress);
  startNotifying();
  startKeyboard();
  addEventListener("hashchange", followAddress);
  addEventListener("popstate", followAddress);
  render(<App />, document.getElementById("app")!);
  void start();
}

dress();
void ready().then(begin);
