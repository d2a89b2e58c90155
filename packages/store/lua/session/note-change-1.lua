#!lua
-- Notes in a session that the others in its room are to be told of a change of its own, until they have been.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 room
-- Returns { number of the note, 1 if they had not been told of an earlier one } · -1 no such session · -2 fenced · -3 not in that room
local state, epoch, seat, note = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'r:' .. ARGV[2], 'n:' .. ARGV[2]))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
if not seat then return -3 end
local number = redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HSET', KEYS[1], 'n:' .. ARGV[2], number)
return { number, note and 1 or 0 }
