-- Where many couriers tell, a customer is in the hand of one of them: since the claim by which its notices were taken, until the
-- courier has let go or has been away for too long. Of whom nobody knows the customer, the case stands for it.

CREATE TABLE in_hand (customer TEXT NOT NULL PRIMARY KEY, hand BIGINT NOT NULL, until BIGINT NOT NULL) WITHOUT ROWID;
CREATE INDEX in_hand_by_hand ON in_hand (hand);

ALTER TABLE notices ADD COLUMN hand BIGINT;
