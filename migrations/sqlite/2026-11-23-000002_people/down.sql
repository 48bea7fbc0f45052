DROP TABLE login_failures;
DROP TABLE password_links;
DROP TABLE session_tokens;
DROP TABLE sessions;
DROP TABLE membership_sections;
DROP TABLE memberships;
DROP TABLE users;
