// The parts of the console that are fetched when somebody goes there, each with the words of the language that is on.
interface Part { ready: () => Promise<void> }

async function whole<P extends Part>(fetched: Promise<P>): Promise<P> {
  const part = await fetched;
  await part.ready();
  return part;
}

export const campaigns = () => whole(import("../campaigns/index"));
export const team = () => whole(import("../team/index"));
export const board = () => whole(import("../board/index"));
export const colleagues = () => whole(import("../colleagues/index"));
export const library = () => whole(import("../library/index"));
export const goals = () => whole(import("../goals/index"));
export const plan = () => whole(import("../plan/index"));
export const admin = () => whole(import("../admin/index"));
