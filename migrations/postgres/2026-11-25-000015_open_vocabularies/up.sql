-- Words that may grow have no CHECK: an older node meets a newer one's words while nodes are replaced.
-- The code refuses unknown words where they are written.
ALTER TABLE memberships DROP CONSTRAINT memberships_role_check;
ALTER TABLE entries DROP CONSTRAINT entries_state_check;
ALTER TABLE editions DROP CONSTRAINT editions_state_check;
ALTER TABLE editions DROP CONSTRAINT editions_withdraw_kind_check;
ALTER TABLE transitions DROP CONSTRAINT transitions_action_check;
ALTER TABLE published_attributes DROP CONSTRAINT published_attributes_name_check;
ALTER TABLE published_withdrawals DROP CONSTRAINT published_withdrawals_kind_check;
ALTER TABLE changes DROP CONSTRAINT changes_subject_check;
ALTER TABLE changes DROP CONSTRAINT changes_kind_check;
ALTER TABLE editions DROP CONSTRAINT editions_check;
ALTER TABLE editions ADD CONSTRAINT editions_check
    CHECK (state <> 'scheduled' OR publish_at IS NOT NULL);
