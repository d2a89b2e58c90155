#!lua
-- Notes in a session that it is about to enter a room: the intent, so that whoever ends the session takes it out of there.
-- KEYS: 1 session
-- ARGV: 1 epoch  2 room
-- Returns 1 · 0 it has its seat there already · -1 no such session · -2 fenced
local state, epoch, seat = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'r:' .. ARGV[2]))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
if seat then return 0 end
redis.call('HSET', KEYS[1], 'x:' .. ARGV[2], '')
return 1
