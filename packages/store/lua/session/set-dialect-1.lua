#!lua
-- Settles the dialect of a session that was opened without one.
-- KEYS: 1 session
-- ARGV: 1 dialect  2 epoch
-- Returns 1 · -1 no such session · -2 fenced
local state, epoch = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[2] then return -2 end
redis.call('HSET', KEYS[1], 'dialect', ARGV[1])
return 1
