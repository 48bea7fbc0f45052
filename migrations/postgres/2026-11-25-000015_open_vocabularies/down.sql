-- With the words of this release.
ALTER TABLE memberships ADD CONSTRAINT memberships_role_check
    CHECK (role IN ('contributor', 'editor', 'chief_editor', 'publisher', 'site_admin', 'auditor', 'platform_admin'));
ALTER TABLE entries ADD CONSTRAINT entries_state_check
    CHECK (state IN ('draft', 'in_review', 'changes_requested', 'in_approval', 'approved', 'scheduled', 'published', 'superseded', 'withdrawn', 'archived'));
ALTER TABLE editions ADD CONSTRAINT editions_state_check
    CHECK (state IN ('draft', 'in_review', 'changes_requested', 'in_approval', 'approved', 'scheduled', 'published', 'superseded', 'withdrawn', 'archived'));
ALTER TABLE editions ADD CONSTRAINT editions_withdraw_kind_check
    CHECK (withdraw_kind IN ('notice', 'redirect', 'gone', 'expired'));
ALTER TABLE transitions ADD CONSTRAINT transitions_action_check
    CHECK (action IN ('save', 'submit', 'recall', 'assign', 'request_changes', 'pass', 'approve', 'publish', 'schedule', 'unschedule', 'force_publish', 'confirm', 'revise', 'withdraw', 'expire', 'archive'));
ALTER TABLE published_attributes ADD CONSTRAINT published_attributes_name_check
    CHECK (name IN ('section', 'tag'));
ALTER TABLE published_withdrawals ADD CONSTRAINT published_withdrawals_kind_check
    CHECK (kind IN ('notice', 'redirect', 'gone', 'expired'));
ALTER TABLE changes ADD CONSTRAINT changes_subject_check
    CHECK (subject IN ('entry', 'section', 'site', 'unit'));
ALTER TABLE changes ADD CONSTRAINT changes_kind_check
    CHECK (kind IN ('published', 'updated', 'refreshed', 'withdrawn', 'moved', 'expunged'));
ALTER TABLE editions DROP CONSTRAINT editions_check;
ALTER TABLE editions ADD CONSTRAINT editions_check
    CHECK ((state = 'scheduled') = (publish_at IS NOT NULL));
