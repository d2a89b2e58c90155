#!lua
-- Numbers an event for a session that is in the sender's room, keeps it and wakes the session's node. This is the message path.
-- A sender's epoch that was overtaken (its session went on elsewhere) is refused here, at the receiver: so what a stalled node
-- still holds can't arrive after what the sender said since.
-- KEYS: 1 session  2 outbox (stream and channel)
-- ARGV: 1 room  2 sender's session  3 sender's epoch  4 packet  5 events to keep  6 trace ('-' none)
-- Returns the number · -1 no such session · -2 fenced · -3 not in that room
local state, seat, fence = unpack(redis.call('HMGET', KEYS[1], 'state', 'r:' .. ARGV[1], 'f:' .. ARGV[2]))
if not state or state == 'ending' then return -1 end
if not seat then return -3 end
local floor, epoch = tonumber(fence or 1), tonumber(ARGV[3])
if epoch < floor then return -2 end
if epoch > floor then redis.call('HSET', KEYS[1], 'f:' .. ARGV[2], epoch) end
local number = redis.call('HINCRBY', KEYS[1], 'number', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', state == 'detached' and 8 * ARGV[5] or ARGV[5], '0-' .. number, ARGV[6], ARGV[4])
redis.call('SPUBLISH', KEYS[2], number .. '\n{"trace":"' .. ARGV[6] .. '"}\n' .. ARGV[4])
return number
