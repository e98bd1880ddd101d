-- Schema 9: coupons.

CREATE TABLE coupon (
    site   TEXT    NOT NULL,
    id     TEXT    NOT NULL,
    place  INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    minted INTEGER NOT NULL DEFAULT 0,
    data   TEXT    NOT NULL,
    PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon_code (
    code        TEXT    PRIMARY KEY,
    site        TEXT    NOT NULL,
    coupon      TEXT    NOT NULL,
    visitor     TEXT    NOT NULL,
    until       INTEGER NOT NULL,
    redeemed_at INTEGER,              -- null: not yet
    given       INTEGER,              -- minor units of what it gave away; null: nobody has said
    data        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX coupon_code_of_visitor ON coupon_code (site, coupon, visitor);
