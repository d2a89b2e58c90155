#!lua flags=allow-oom
-- Appends to a session's outbox that it waits, only while it holds the ticket: so it never receives that after the
-- pairing that it leads to. Once for each of its requests; or, as the reply to a repeated request, once more.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet  2 keep (events, bytes)  3 ticket (that it must hold)  4 again ('1' once more, if it was announced; '' once)
--       5 trace ('-' none)
-- Returns the event's number
-- Errors: -1 unknown · -3 absent: the session no longer holds that ticket, it was announced before, or (once more) it
--   was not
local session, outbox = unpack(KEYS)
local packet, keep, ticket, again, trace = unpack(ARGV)
local state, current, announced = unpack(redis.call('HMGET', session, 'state', 'ticket', 'waiting'))
if not state or state == 'ending' then return -1 end
if current ~= ticket or (announced and '1' or '') ~= again then return -3 end
redis.call('HSET', session, 'waiting', '1')
return append(session, outbox, packet, keep, trace)
