/** Conversation, forms and survey: a file of their own, which the widget brings once somebody may want to talk. */
import { Chat } from "./chat";
import { Form } from "./form";
import { Survey } from "./survey";

export { STYLE } from "./later-style";
export const VIEWS = { chat: Chat, form: Form, survey: Survey };
