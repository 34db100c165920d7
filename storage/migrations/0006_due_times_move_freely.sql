-- Nearly every event moves the due time of its case, and what is armed is asked for at a start only: an index of it costs more than
-- it saves. In PostgreSQL it is gone already.

DROP INDEX IF EXISTS cases_armed;
