// Les mots de la bibliothèque.
const s = (count: number): string => (count === 1 ? "" : "s");

export const fr = {
  loading: "La bibliothèque arrive", failed: "La bibliothèque n’est pas arrivée.", retry: "Réessayer", menu: "Réponses enregistrées", colon: "\u00a0: ",
  found: (count: number): string => (count === 0 ? "Rien de trouvé" : `${count} trouvé${s(count)}`), noReply: "Aucune réponse enregistrée pour cette langue.",
  noneLike: (query: string): string => `Rien ne répond à «\u00a0${query}\u00a0».`, usedTimes: (count: number): string => (count === 0 ? "jamais utilisée" : `utilisée ${count} fois`),
  missing: (names: string): string => `Inconnu ici\u00a0: ${names}. Complétez avant d’envoyer.`,
  variables: { agent: "votre prénom", site: "la boutique", page: "la page", cart: "le panier", visitor: "le nom du visiteur", first_product: "le premier produit" } as Record<string, string>,
  articles: "Articles", proposed: "d’après son message", findArticle: "Chercher un article", noProposal: "Aucun article ne répond à ce qu’il vient d’écrire.",
  insertText: "Insérer le texte", insertLink: "Insérer le lien", insertTextOf: (title: string): string => `Insérer le texte de ${title}`, insertLinkOf: (title: string): string => `Insérer le lien de ${title}`,
  scripts: "Scripts guidés", stepAt: (count: number): string => `étape ${count}`, answers: "Le visiteur répond\u00a0:", scriptEnds: "Le script finit ici.", insertAgain: "Insérer encore", stepBack: "Revenir", leaveScript: "Quitter le script",
  title: { reply: "Réponses", script: "Scripts", article: "Articles" }, sorts: "Rayons de la bibliothèque",
  finding: (replies: number, scripts: number, articles: number): string => `${replies} réponse${s(replies)}, ${scripts} script${s(scripts)} et ${articles} article${s(articles)}`,
  readOnly: "Vous lisez. Les superviseurs changent la bibliothèque.", find: "Chercher", export: "Exporter en JSON",
  add: { reply: "Nouvelle réponse", script: "Nouveau script", article: "Nouvel article" }, open: { reply: "Réponse", script: "Script", article: "Article" },
  none: { reply: "Aucune réponse enregistrée.", script: "Aucun script.", article: "Aucun article." },
  noneNext: { reply: "Une réponse s’appelle par / dans la conversation.", script: "Un script guide le conseiller, question après question.", article: "Un article est proposé quand un visiteur écrit ce qu’il dit." },
  shortcut: "Raccourci", shortcutHint: "Lettres, chiffres, - et _. Le conseiller l’écrit après /.", name: "Titre", body: "Texte", language: "Langue", skill: "Compétence", allSkills: "toutes", used: "Utilisé", times: (count: number): string => `${count} fois`,
  insertVariable: "Insérer", fallback: "{visitor|vous} dit « vous » quand le nom est inconnu.", tags: "Étiquettes", tagsHint: "Séparées par des virgules.", url: "Adresse publique", urlHint: "Où les visiteurs le lisent. Peut rester vide.",
  markup: "Une ligne vide sépare les paragraphes, « - » commence une liste, [mots](adresse) est un lien.", steps: "Étapes", step: (count: number): string => `Étape ${count}`, say: "Ce que dit le conseiller", answer: "Réponse du visiteur", leadsTo: "mène à", addAnswer: "Ajouter une réponse", addStep: "Ajouter une étape",
  removeAnswer: "Retirer cette réponse", removeStep: (count: number): string => `Retirer l’étape ${count}`, save: "Enregistrer", cancel: "Annuler", close: "Fermer", drop: "Supprimer", dropSure: "Supprimer pour de bon", kept: "Enregistré.", dropped: "Supprimé.", languages: { fr: "Français", en: "Anglais" } as Record<string, string>,
  refused: {
    shortcut_taken: "Une autre réponse de cette langue et de cette compétence a ce raccourci.", shortcut: "Un raccourci a de 1 à 40 lettres, chiffres, - et _, sans espace.", variable: (at: string): string => `${at}\u00a0: cette variable n’existe pas, ou le texte n’est pas accepté.`,
    link: (at: string): string => `${at}\u00a0: ce lien n’est ni http, ni https, ni un chemin de la boutique.`, url: "Cette adresse n’est ni http, ni https, ni un chemin de la boutique.", lost: "Une étape n’est atteinte par aucune réponse.", step: (count: number): string => `Étape ${count}\u00a0: vérifiez son texte et ses réponses.`,
    title: "Donnez un titre.", text: "Le texte est vide, trop long, ou contient des caractères interdits.", role: "Votre rôle ne change pas la bibliothèque.", too_many: "La bibliothèque est pleine\u00a0: supprimez ce qui ne sert plus.", other: "Le serveur n’a pas enregistré. Votre texte est toujours là.",
    line: (line: string, sign: string): string => `Ligne ${line}, caractère ${sign}`,
  },
};
