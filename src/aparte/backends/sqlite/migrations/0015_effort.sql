-- Schema 15: what the visitor says of his effort.

ALTER TABLE conversation ADD COLUMN ces INTEGER;
