"""Claims beside other couriers: a customer is in one hand at a time, and only that hand may begin to tell something."""

from collections.abc import Sequence
from contextlib import suppress

from contracts.notice import LEASE, Notice, in_order
from contracts.on_its_way import OnItsWay
from contracts.promise import Promise
from storage.courier_writes import MOST_CLAIMED
from storage.errors import StoreGone
from storage.questions import NOTICE, PROMISE, WHOSE
from storage.sql_store import SqlStore, SqlTransaction

MOST_LOOKED_AT = 4 * MOST_CLAIMED
HAND = "pg_current_xact_id()::text::bigint"

CLAIM = f"""
    WITH due AS MATERIALIZED (
        SELECT n.notice, n.ask_at, COALESCE({WHOSE}, n."case") AS whose
        FROM notices n LEFT JOIN problems p ON p.problem = n.problem LEFT JOIN cases k ON k."case" = n."case"
        WHERE n.ask_at <= ? AND NOT EXISTS (SELECT 1 FROM in_hand h WHERE h.customer = n.customer AND h.until > ?)
        ORDER BY n.ask_at LIMIT {MOST_LOOKED_AT} FOR UPDATE OF n SKIP LOCKED
    ), wanted AS (
        SELECT whose FROM due GROUP BY whose ORDER BY MIN(ask_at), whose LIMIT {MOST_CLAIMED}
    ), taken AS (
        INSERT INTO in_hand (customer, hand, until) SELECT whose, {HAND}, ? FROM wanted ORDER BY whose
        ON CONFLICT (customer) DO UPDATE SET hand = excluded.hand, until = excluded.until WHERE in_hand.until <= ?
        RETURNING customer
    ), also_theirs AS (
        SELECT n.notice
        FROM taken t JOIN notices n ON n.customer = t.customer
        LEFT JOIN problems p ON p.problem = n.problem LEFT JOIN cases k ON k."case" = n."case"
        WHERE n.ask_at <= ? AND {WHOSE} = t.customer FOR UPDATE OF n SKIP LOCKED
    ), ours AS (
        SELECT notice FROM due WHERE whose IN (SELECT customer FROM taken) UNION SELECT notice FROM also_theirs
    )
    UPDATE notices SET claim = claim + 1, ask_at = ?, hand = {HAND} FROM ours WHERE notices.notice = ours.notice
    RETURNING {NOTICE.columns_of("notices")}"""

KEEP_HANDS = "SELECT 1 FROM in_hand WHERE customer = ANY (?) ORDER BY customer FOR UPDATE"
IN_OUR_HAND = """
    SELECT n.notice FROM unnest(?::text[], ?::text[]) AS sent (notice, customer) JOIN notices n ON n.notice = sent.notice
    LEFT JOIN in_hand h ON h.customer = sent.customer AND h.hand = n.hand
    WHERE n.hand IS NULL OR h.hand IS NOT NULL FOR UPDATE OF n SKIP LOCKED"""
LET_GO = "DELETE FROM in_hand USING notices WHERE notices.notice = ANY (?) AND in_hand.hand = notices.hand"
FORGET_HANDS = "DELETE FROM in_hand"
TO_KEEP = f"""
    SELECT {PROMISE.columns} FROM promises p WHERE state = 'made' AND keep_at <= ?
    AND NOT EXISTS (SELECT 1 FROM in_hand h WHERE h.customer = p.customer AND h.until > ?)
    ORDER BY keep_at, "case", rule, notice"""


class PostgresTransaction(SqlTransaction):
    """All writes, beside those of other processes."""

    def claim_due(self, now: int) -> Sequence[Notice]:
        """What somebody else is writing at this moment is left for the next claim, so that nobody waits for two at once."""
        until = now + LEASE
        return in_order(NOTICE.records(self.session.rows(CLAIM, now, now, until, now, now, until)))

    def begin(self, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        """Whose customer was meanwhile taken into another hand is not ours: caps were asked before that hand told something."""
        notices, customers = [send.notice.notice for send in sends], [send.notice.customer for send in sends]
        self.session.rows(KEEP_HANDS, customers)
        ours = {notice for (notice,) in self.session.rows(IN_OUR_HAND, notices, customers)}
        return super().begin([send for send in sends if send.notice.notice in ours])


class StoreOfMany(SqlStore):
    """A store in which many couriers claim."""

    def promises_to_keep(self, now: int) -> Sequence[Promise]:
        """Those of a customer who is being told something wait: it may be the news."""
        return PROMISE.records(self.session.rows(TO_KEEP, now, now))

    def let_go(self, notices: Sequence[Notice]) -> None:
        """If that cannot be written, their customers are free when the lease ends."""
        with suppress(StoreGone):
            self.session.change(LET_GO, [notice.notice for notice in notices])
