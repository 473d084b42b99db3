-- NEG5: whether calls of this user go through a relay only.
alter table settings add column hide_address boolean not null default false;
