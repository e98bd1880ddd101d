-- Schema 3: what agents do with a conversation beside writing in it.

ALTER TABLE conversation ADD COLUMN guests TEXT NOT NULL DEFAULT '[]';  -- JSON: staff ids who have joined its agent
ALTER TABLE conversation ADD COLUMN assistance_at INTEGER;  -- since when its agent asks for help
ALTER TABLE conversation ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';  -- JSON
ALTER TABLE conversation ADD COLUMN wrap_agent TEXT NOT NULL DEFAULT '';  -- who had it at the end and owes its code
ALTER TABLE conversation ADD COLUMN wrap_code TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN wrap_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN wrap_note TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation ADD COLUMN wrapped_at INTEGER;
ALTER TABLE conversation ADD COLUMN form TEXT NOT NULL DEFAULT '{}';  -- JSON: what the visitor said before it began
ALTER TABLE conversation ADD COLUMN bot INTEGER NOT NULL DEFAULT 0;  -- a bot answers in it

CREATE TABLE picture (  -- sites: faces of staff, as visitors see them
    hash TEXT PRIMARY KEY,
    media TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
