-- KEY1: who is in the MLS group of a live call; null: nobody has asked. That of a group call is in its state.
alter table calls add column keys jsonb check (keys is null or ended_at is null);

-- What this service derives keys of its own from: drawn once, the same for all nodes and after every start.
create table server_secret (
  only_one boolean primary key default true check (only_one),
  value bytea not null check (length(value) = 32)
);
