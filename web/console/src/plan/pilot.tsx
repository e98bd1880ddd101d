import type { JSX } from "preact";
export function PilotPage(): JSX.Element { return <p />; }
