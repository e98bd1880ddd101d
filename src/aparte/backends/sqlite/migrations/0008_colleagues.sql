-- Schema 8: agents among themselves.

CREATE TABLE colleague_room (
    site   TEXT    NOT NULL,
    room   TEXT    NOT NULL,
    first  TEXT    NOT NULL,  -- of a room of two people, who they are; empty for any other
    second TEXT    NOT NULL,
    head   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (site, room)
) STRICT, WITHOUT ROWID;
CREATE TABLE colleague_message (
    site   TEXT    NOT NULL,
    room   TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    author TEXT    NOT NULL,
    body   TEXT    NOT NULL,
    ts     INTEGER NOT NULL,
    cid    TEXT    NOT NULL,
    PRIMARY KEY (site, room, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX colleague_message_once ON colleague_message (site, room, author, cid);
CREATE TABLE colleague_read (
    site  TEXT    NOT NULL,
    staff TEXT    NOT NULL,
    room  TEXT    NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (site, staff, room)
) STRICT, WITHOUT ROWID;
