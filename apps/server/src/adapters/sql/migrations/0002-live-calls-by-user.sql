-- Several nodes: what a user is in is asked of the database whenever a device of theirs comes or goes.
create index calls_live_by_initiator on calls (initiator_id) where ended_at is null;
create index calls_live_by_callee on calls (callee_id) where ended_at is null;
