#!lua
-- Numbers an event from the cluster itself for a session, keeps it and wakes the session's node.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet  2 events to keep  3 the ticket it must still hold ('' any)  4 the room it must still be in ('' any)
--       5 trace ('-' none)
-- Returns the number · -1 no such session · -3 it doesn't hold that ticket, or isn't in that room, any more
local state, ticket, seat = unpack(redis.call('HMGET', KEYS[1], 'state', 'ticket', 'r:' .. ARGV[4]))
if not state or state == 'ending' then return -1 end
if ARGV[3] ~= '' and ticket ~= ARGV[3] then return -3 end
if ARGV[4] ~= '' and not seat then return -3 end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[2] or ARGV[2], '0-' .. number, ARGV[5], ARGV[1])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"trace":"' .. ARGV[5] .. '"}\n' .. ARGV[1])
return number
