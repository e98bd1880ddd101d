/** What is not needed before a visitor leaves something: a file of its own, brought by the widget. */
export { FIELDS, Form } from "./form";
export { Survey } from "./survey";
