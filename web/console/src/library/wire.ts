// What the library reads and writes; see docs/reference/library.md.
export type Sort = "reply" | "script" | "article";
export interface Reply { id: string; shortcut: string; title: string; body: string; language: string; skill: string | null; used: number; text: string | null; missing: string[] }
export interface Branch { label: string; to: string }
export interface Step { id: string; say: string; next: Branch[] }
export interface Script { id: string; title: string; steps: Step[]; language: string; skill: string | null; used: number; texts: Record<string, string> | null }
export interface Row { id: string; title: string; language: string; tags: string[]; url: string; used: number; excerpt: string }
export interface Piece { text: string; href?: string }
export interface Block { kind: "p" | "ul"; lines: Piece[][] }
export interface Article { id: string; title: string; body: string; language: string; tags: string[]; url: string; used: number; blocks: Block[] }
/** What a form keeps: without an id a new one. */
export type Kept<T> = Omit<T, "id" | "used" | "text" | "missing" | "texts" | "blocks"> & { id: string | null };
