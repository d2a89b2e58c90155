#!lua
-- Numbers an event from the cluster itself for a session, keeps it and wakes the session's node.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 packet  2 events to keep  3 the ticket it must still hold ('' any)
-- Returns the number · -1 no such session · -3 it doesn't hold that ticket any more
local state, ticket = unpack(redis.call('HMGET', KEYS[1], 'state', 'ticket'))
if not state or state == 'ending' then return -1 end
if ARGV[3] ~= '' and ticket ~= ARGV[3] then return -3 end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '0-' .. number, 'p', ARGV[1])
redis.call('SPUBLISH', KEYS[2], number .. '\n\n' .. ARGV[1])
return number
