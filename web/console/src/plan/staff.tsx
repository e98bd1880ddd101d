import type { JSX } from "preact";
export function StaffPage(): JSX.Element { return <p />; }
