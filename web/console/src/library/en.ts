// The words of the library, of exactly the shape of the French ones.
import type { fr } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");
const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

export const en: typeof fr = {
  loading: "The library is coming", failed: "The library did not arrive.", retry: "Try again", menu: "Canned replies", colon: ": ",
  found: (count) => (count === 0 ? "Nothing found" : `${count} found`), noReply: "No canned reply in this language.",
  noneLike: (query) => `Nothing answers to “${query}”.`, usedTimes: (count) => (count === 0 ? "never used" : `used ${times(count)}`),
  missing: (names) => `Not known here: ${names}. Complete it before you send.`,
  variables: { agent: "your first name", site: "the shop", page: "the page", cart: "the cart", visitor: "the visitor’s name", first_product: "the first product" },
  articles: "Articles", proposed: "by what he wrote", findArticle: "Find an article", noProposal: "No article answers what he has just written.",
  insertText: "Insert the text", insertLink: "Insert the link", insertTextOf: (title) => `Insert the text of ${title}`, insertLinkOf: (title) => `Insert the link of ${title}`,
  scripts: "Guided scripts", stepAt: (count) => `step ${count}`, answers: "The visitor answers:", scriptEnds: "The script ends here.", insertAgain: "Insert again", stepBack: "Go back", leaveScript: "Leave the script",
  title: { reply: "Replies", script: "Scripts", article: "Articles" }, sorts: "Shelves of the library",
  finding: (replies, scripts, articles) => `${replies} repl${replies === 1 ? "y" : "ies"}, ${scripts} script${s(scripts)} and ${articles} article${s(articles)}`,
  readOnly: "You are reading. Supervisors change the library.", find: "Find", export: "Export as JSON",
  add: { reply: "New reply", script: "New script", article: "New article" }, open: { reply: "Reply", script: "Script", article: "Article" },
  none: { reply: "No canned reply.", script: "No script.", article: "No article." },
  noneNext: { reply: "A reply is called by / in the conversation.", script: "A script leads the agent, question by question.", article: "An article is proposed when a visitor writes what it says." },
  shortcut: "Shortcut", shortcutHint: "Letters, digits, - and _. The agent writes it after /.", name: "Title", body: "Text", language: "Language", skill: "Skill", allSkills: "all", used: "Used", times: (count) => (count === 0 ? "never" : times(count)),
  insertVariable: "Insert", fallback: "{visitor|there} says “there” when the name is not known.", tags: "Tags", tagsHint: "Separated by commas.", url: "Public address", urlHint: "Where visitors read it. May stay empty.",
  markup: "An empty line separates paragraphs, “- ” begins a list, [words](address) is a link.", steps: "Steps", step: (count) => `Step ${count}`, say: "What the agent says", answer: "The visitor’s answer", leadsTo: "leads to", addAnswer: "Add an answer", addStep: "Add a step",
  removeAnswer: "Take this answer out", removeStep: (count) => `Take step ${count} out`, save: "Save", cancel: "Cancel", close: "Close", drop: "Delete", dropSure: "Delete for good", kept: "Saved.", dropped: "Deleted.", languages: { fr: "French", en: "English" },
  refused: {
    shortcut_taken: "Another reply of this language and skill has this shortcut.", shortcut: "A shortcut has 1 to 40 letters, digits, - and _, without spaces.", variable: (at) => `${at}: there is no such variable, or the text is not taken.`,
    link: (at) => `${at}: this link is neither http, https nor a path of the shop.`, url: "This address is neither http, https nor a path of the shop.", lost: "No answer leads to one of the steps.", step: (count) => `Step ${count}: look at its text and its answers.`,
    title: "Give it a title.", text: "The text is empty, too long, or has characters that are not allowed.", role: "Your role does not change the library.", too_many: "The library is full: delete what is of no use any more.", other: "The server did not save it. Your text is still here.",
    line: (line, sign) => `Line ${line}, character ${sign}`,
  },
};
