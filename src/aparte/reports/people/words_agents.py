"""The sentences of the page about agents."""

from __future__ import annotations

AGENTS = {
    "fr": {
        "title_agents": "Conseillers",
        "agents_one": "{n} conversation de {agents} conseiller. Les cartes suivent l’ordre des noms : un rang serait "
        "surtout du hasard.",
        "agents_many": "{n} conversations de {agents} conseillers. Les cartes suivent l’ordre des noms : un rang "
        "serait surtout du hasard.",
        "agents_own": "Vos conversations, et vous seul. Les autres conseillers ne sont comparés que par les "
        "superviseurs.",
        "agents_cut": "Lues : les {read} plus récentes sur {n}.",
        "agents_none": "Aucune conversation sur cette période.",
        "agents_none_below": "Une carte paraît dès qu’un conseiller a eu une conversation. Élargissez la période ou "
        "ôtez un filtre.",
        "funnel_sales": "Ventes après conversation, à demande égale",
        "funnel_sales_below": "Chaque point est un conseiller : à droite, ceux dont on sait beaucoup. Entre les traits "
        "pleins (95 %), l’écart est du hasard ; au-delà des tirets (99,8 %), il n’en est presque sûrement pas.",
        "funnel_alike": "Les conseillers ne diffèrent pas plus que par hasard : personne n’est meilleur.",
        "funnel_differ": "Les conseillers diffèrent plus que par hasard ; les limites en tiennent compte.",
        "funnel_early": "Aucune vente à comparer : {horizon} doivent d’abord passer après une conversation.",
        "funnel_across": "conversations qui en diraient autant",
        "funnel_up": "part ajustée avec commande",
        "funnel_caption": "{agents} conseillers autour de {center} ; {outside} hors des limites à 95 %.",
        "cards": "Une carte par conseiller",
        "best": "sans doute parmi le meilleur quart",
        "above95": "au-dessus de 95 %",
        "above998": "au-dessus de 99,8 %",
        "below95": "au-dessous de 95 %",
        "below998": "au-dessous de 99,8 %",
        "within": "dans les limites",
        "conversations_1": "{n} conversation",
        "conversations": "{n} conversations",
        "m_first_response": "Première réponse",
        "m_reply": "Réponses suivantes",
        "m_resolution": "Durée de résolution",
        "m_handle": "Temps de traitement",
        "m_concurrency": "Conversations à la fois",
        "m_csat": "Satisfaits (4 ou 5 sur 5)",
        "m_fcr": "Résolu au premier contact (7 j)",
        "m_solved": "Résolu, dit le visiteur",
        "m_ordered": "Avec commande, brut",
        "m_adjusted": "Avec commande, ajusté",
        "m_ratio": "Observé / attendu",
        "m_shrunk": "Valeur rétrécie",
        "m_top": "Chances d’être du meilleur quart",
        "median_p90": "médiane {median}, 90 % sous {p90}",
        "expected": "{good} observées, {expected} attendues",
        "shrunk_below": "tirée vers la part commune, {center}",
        "top_alike": "les conseillers ne diffèrent pas",
        "top_few": "{n} conversations, il en faut {min_n}",
        "agents_note": "L’ajustement ne connaît que ce qui était su avant le premier mot : page, étape, appareil, "
        "source, heure, invitation, compétence, langue, pages vues, visites. Une carte invite à écouter des "
        "conversations ; elle ne juge personne.",
    },
    "en": {
        "title_agents": "Agents",
        "agents_one": "{n} conversation of {agents} agent. Cards stand in the order of names: a rank would mostly be "
        "chance.",
        "agents_many": "{n} conversations of {agents} agents. Cards stand in the order of names: a rank would mostly "
        "be chance.",
        "agents_own": "Your conversations, and only yours. Other agents are compared by supervisors only.",
        "agents_cut": "Read: the {read} latest of {n}.",
        "agents_none": "No conversations in this period.",
        "agents_none_below": "A card appears once an agent has had a conversation. Widen the period or take out a "
        "filter.",
        "funnel_sales": "Sales after chat, with everybody’s mix",
        "funnel_sales_below": "Each point is an agent; the further right, the more is known. Between the solid lines "
        "(95%) a difference is chance; beyond the dashed ones (99.8%) it hardly is.",
        "funnel_alike": "The agents do not differ by more than chance: nobody is best.",
        "funnel_differ": "The agents differ by more than chance; the limits allow for it.",
        "funnel_early": "No sales to compare yet: {horizon} must pass after a conversation first.",
        "funnel_across": "conversations that would tell as much",
        "funnel_up": "adjusted share with an order",
        "funnel_caption": "{agents} agents around {center}; {outside} outside the 95% limits.",
        "cards": "One card for each agent",
        "best": "probably in the best quarter",
        "above95": "above 95%",
        "above998": "above 99.8%",
        "below95": "below 95%",
        "below998": "below 99.8%",
        "within": "within the limits",
        "conversations_1": "{n} conversation",
        "conversations": "{n} conversations",
        "m_first_response": "First response",
        "m_reply": "Later replies",
        "m_resolution": "Resolution time",
        "m_handle": "Handle time",
        "m_concurrency": "Conversations at a time",
        "m_csat": "Satisfied (4 or 5 of 5)",
        "m_fcr": "Solved at first contact (7 d)",
        "m_solved": "Solved, says the visitor",
        "m_ordered": "With an order, raw",
        "m_adjusted": "With an order, adjusted",
        "m_ratio": "Observed / expected",
        "m_shrunk": "Shrunk value",
        "m_top": "Chance of the best quarter",
        "median_p90": "median {median}, 90% under {p90}",
        "expected": "{good} observed, {expected} expected",
        "shrunk_below": "drawn towards everybody’s share, {center}",
        "top_alike": "the agents do not differ",
        "top_few": "{n} conversations, {min_n} are needed",
        "agents_note": "The adjustment knows only what was known before the first word: page, step, device, source, "
        "hour, invitation, skill, language, pages seen, visits. A card is a reason to listen to conversations; it "
        "judges nobody.",
    },
}
