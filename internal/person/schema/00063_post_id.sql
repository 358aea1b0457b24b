-- +goose Up
-- Whether the id of a post is in use is asked by every act that takes one.
CREATE INDEX person_statement_post ON person_statement (post) WHERE post <> '';

-- +goose Down
DROP INDEX person_statement_post;
