//! The tables, as both databases have them. A test compares this file with the migrations.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    units (id) {
        id -> Text,
        code -> Text,
        name -> Text,
        kind -> Text,
        parent_id -> Nullable<Text>,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        sort_key -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

table! {
    unit_successions (id) {
        id -> Text,
        predecessor_id -> Text,
        successor_id -> Text,
        on_date -> Date,
        legal_basis -> Text,
    }
}

table! {
    sites (id) {
        id -> Text,
        unit_id -> Text,
        slug -> Text,
        title -> Text,
        status -> Text,
        successor_id -> Nullable<Text>,
        sort_key -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

table! {
    site_hosts (host) {
        host -> Text,
        site_id -> Text,
        position -> Integer,
    }
}

table! {
    allowed_hosts (name) {
        name -> Text,
        site_id -> Text,
        allowed_by -> Nullable<Text>,
        allowed_at -> Nullable<Timestamp>,
    }
}

table! {
    site_settings (site_id) {
        site_id -> Text,
        default_locale -> Text,
        locales -> Text,
        workflow_policy -> Text,
        contact -> Text,
        version -> BigInt,
        updated_at -> Timestamp,
        desk_reading -> Text,
    }
}

table! {
    sections (id) {
        id -> Text,
        site_id -> Text,
        parent_id -> Nullable<Text>,
        slug -> Text,
        title -> Text,
        position -> Integer,
        opens_on -> Nullable<Date>,
        closes_on -> Nullable<Date>,
        rule -> Nullable<Text>,
        slug_fixed -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

table! {
    users (id) {
        id -> Text,
        email -> Text,
        email_key -> Text,
        name -> Text,
        sort_key -> Text,
        password_hash -> Nullable<Text>,
        status -> Text,
        created_by -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

table! {
    memberships (id) {
        id -> Text,
        user_id -> Text,
        role -> Text,
        site_id -> Nullable<Text>,
        unit_id -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

table! {
    membership_sections (membership_id, section_id) {
        membership_id -> Text,
        section_id -> Text,
    }
}

table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        address -> Text,
        user_agent -> Text,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

table! {
    session_tokens (token_hash) {
        token_hash -> Text,
        session_id -> Text,
        issued_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

table! {
    password_links (id) {
        id -> Text,
        user_id -> Text,
        token_hash -> Text,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        asked_by -> Nullable<Text>,
    }
}

table! {
    password_origins (user_id) {
        user_id -> Text,
        given_by -> Nullable<Text>,
        asked_by -> Nullable<Text>,
    }
}

table! {
    access_requests (id) {
        id -> Text,
        kind -> Text,
        user_id -> Text,
        role -> Nullable<Text>,
        site_id -> Nullable<Text>,
        unit_id -> Nullable<Text>,
        sections -> Text,
        state -> Text,
        asked_by -> Text,
        asked_at -> Timestamp,
        expires_at -> Timestamp,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
    }
}

table! {
    notices (id) {
        id -> Text,
        user_id -> Text,
        kind -> Text,
        by_id -> Nullable<Text>,
        confirmed_by -> Nullable<Text>,
        role -> Nullable<Text>,
        site_id -> Nullable<Text>,
        unit_id -> Nullable<Text>,
        at -> Timestamp,
        seen_at -> Nullable<Timestamp>,
    }
}

table! {
    login_failures (id) {
        id -> Text,
        subject -> Text,
        subject_key -> Text,
        at -> Timestamp,
    }
}

table! {
    sign_in_counters (counter_key) {
        counter_key -> Text,
        account_key -> Nullable<Text>,
        failures -> Integer,
        since -> Timestamp,
        locks -> Integer,
        locked_until -> Nullable<Timestamp>,
        forget_at -> Timestamp,
    }
}

table! {
    sign_in_networks (pair_key) {
        pair_key -> Text,
        last_at -> Timestamp,
    }
}

table! {
    entries (id) {
        id -> Text,
        site_id -> Text,
        kind -> Text,
        locale -> Text,
        translation_group_id -> Text,
        version -> BigInt,
        open_edition_id -> Nullable<Text>,
        live_edition_id -> Nullable<Text>,
        submitted -> Bool,
        first_published_at -> Nullable<Timestamp>,
        public_updated_at -> Nullable<Timestamp>,
        state -> Text,
        section_id -> Text,
        title -> Text,
        assignee_id -> Nullable<Text>,
        needs_second_look -> Bool,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

table! {
    editions (id) {
        id -> Text,
        site_id -> Text,
        entry_id -> Text,
        number -> Integer,
        state -> Text,
        revision_id -> Text,
        assignee_id -> Nullable<Text>,
        approved_by -> Nullable<Text>,
        approved_at -> Nullable<Timestamp>,
        approved_sha256 -> Nullable<Text>,
        publish_at -> Nullable<Timestamp>,
        published_at -> Nullable<Timestamp>,
        forced_by -> Nullable<Text>,
        confirmed_by -> Nullable<Text>,
        withdraw_kind -> Nullable<Text>,
        withdraw_reason -> Nullable<Text>,
        redirect_to -> Nullable<Text>,
        withdrawn_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        earlier_authors -> Nullable<Text>,
    }
}

table! {
    edition_authors (edition_id, user_id) {
        edition_id -> Text,
        user_id -> Text,
        entry_id -> Text,
    }
}

table! {
    revisions (id) {
        id -> Text,
        site_id -> Text,
        entry_id -> Text,
        edition_id -> Text,
        number -> Integer,
        snapshot -> Text,
        sha256 -> Text,
        section_id -> Text,
        title -> Text,
        author_id -> Text,
        created_at -> Timestamp,
        expunged_at -> Nullable<Timestamp>,
    }
}

table! {
    transitions (id) {
        id -> Text,
        site_id -> Text,
        entry_id -> Text,
        edition_id -> Text,
        number -> Integer,
        action -> Text,
        from_state -> Text,
        to_state -> Text,
        revision_id -> Text,
        actor_id -> Nullable<Text>,
        comment -> Nullable<Text>,
        at -> Timestamp,
    }
}

table! {
    paths (site_id, locale, slug) {
        site_id -> Text,
        locale -> Text,
        slug -> Text,
        entry_id -> Text,
        published -> Bool,
    }
}

table! {
    preview_links (id) {
        id -> Text,
        site_id -> Text,
        entry_id -> Text,
        revision_id -> Text,
        token_hash -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

table! {
    published_entries (site_id, entry_id) {
        site_id -> Text,
        entry_id -> Text,
        origin_site_id -> Text,
        kind -> Text,
        locale -> Text,
        translation_group_id -> Text,
        section_id -> Text,
        slug -> Text,
        path -> Text,
        revision_id -> Text,
        edition -> Integer,
        first_published_at -> Timestamp,
        public_updated_at -> Timestamp,
        title_key -> Text,
        updated_at -> Timestamp,
        expire_at -> Nullable<Timestamp>,
        format -> Integer,
        document -> Text,
        card -> Text,
    }
}

table! {
    published_attributes (site_id, entry_id, name, value) {
        site_id -> Text,
        entry_id -> Text,
        kind -> Text,
        locale -> Text,
        name -> Text,
        value -> Text,
        first_published_at -> Timestamp,
        public_updated_at -> Timestamp,
        title_key -> Text,
    }
}

table! {
    published_paths (site_id, path) {
        site_id -> Text,
        path -> Text,
        locale -> Text,
        slug -> Text,
        entry_id -> Text,
    }
}

table! {
    published_withdrawals (site_id, entry_id) {
        site_id -> Text,
        entry_id -> Text,
        kind -> Text,
        reason -> Nullable<Text>,
        redirect_to -> Nullable<Text>,
        at -> Timestamp,
    }
}

table! {
    reprojections (id) {
        id -> Text,
        site_id -> Text,
        section_id -> Nullable<Text>,
        after_entry -> Text,
        created_at -> Timestamp,
    }
}

table! {
    change_counter (id) {
        id -> Integer,
        n -> BigInt,
    }
}

table! {
    changes (seq) {
        seq -> BigInt,
        site_id -> Nullable<Text>,
        subject -> Text,
        subject_id -> Text,
        kind -> Text,
        at -> Timestamp,
    }
}

table! {
    audit_heads (chain) {
        chain -> Text,
        n -> BigInt,
        hash -> Text,
        generation -> Nullable<Text>,
        counted -> Bool,
    }
}

table! {
    audit_generations (number) {
        number -> BigInt,
        fingerprint -> Text,
        began_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
    }
}

table! {
    audit (chain, number) {
        chain -> Text,
        number -> BigInt,
        actor_id -> Nullable<Text>,
        action -> Text,
        subject -> Text,
        subject_id -> Text,
        detail -> Text,
        at -> Timestamp,
        hash -> Text,
        expunged_seal -> Nullable<Text>,
        generation -> Nullable<Text>,
        reseal -> Nullable<Text>,
        reseal_generation -> Nullable<Text>,
    }
}

table! {
    idempotency_keys (caller, route, idempotency_key) {
        caller -> Text,
        route -> Text,
        idempotency_key -> Text,
        body_sha256 -> Text,
        answer -> Text,
        created_at -> Timestamp,
    }
}

table! {
    leases (name) {
        name -> Text,
        holder -> Nullable<Text>,
        expires_at -> Timestamp,
        version -> BigInt,
    }
}

table! {
    held_publications (entry_id) {
        entry_id -> Text,
        site_id -> Text,
        reason -> Text,
        at -> Timestamp,
    }
}

table! {
    expunctions (id) {
        id -> Text,
        site_id -> Text,
        entry_id -> Text,
        by_text -> Bool,
        reason -> Text,
        state -> Text,
        asked_by -> Text,
        asked_at -> Timestamp,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        cleaned_at -> Nullable<Timestamp>,
    }
}

table! {
    expunction_items (expunction_id, kind, item_key) {
        expunction_id -> Text,
        kind -> Text,
        item_key -> Text,
        entry_id -> Text,
        number -> BigInt,
        places -> Text,
    }
}

table! {
    sign_ins (id) {
        id -> Text,
        user_id -> Nullable<Text>,
        outcome -> Text,
        address -> Nullable<Text>,
        user_agent -> Text,
        tries -> BigInt,
        at -> Timestamp,
        last_at -> Timestamp,
    }
}

joinable!(site_settings -> sites (site_id));
joinable!(sites -> units (unit_id));
joinable!(membership_sections -> memberships (membership_id));
joinable!(session_tokens -> sessions (session_id));
joinable!(expunction_items -> expunctions (expunction_id));

allow_tables_to_appear_in_same_query!(
    sites,
    site_settings,
    site_hosts,
    allowed_hosts,
    units,
    changes,
    published_entries
);
allow_tables_to_appear_in_same_query!(memberships, membership_sections);
allow_tables_to_appear_in_same_query!(sessions, session_tokens, users);
allow_tables_to_appear_in_same_query!(memberships, users, sign_ins);
allow_tables_to_appear_in_same_query!(memberships, access_requests);
allow_tables_to_appear_in_same_query!(users, access_requests);
allow_tables_to_appear_in_same_query!(entries, editions, edition_authors, held_publications);
allow_tables_to_appear_in_same_query!(expunctions, expunction_items);
allow_tables_to_appear_in_same_query!(editions, revisions);
allow_tables_to_appear_in_same_query!(published_entries, published_attributes, published_paths);
