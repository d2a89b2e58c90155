#!lua
-- Notes whom a session stands for: before the user is claimed, so that whoever ends or evicts the session finds it. Whom it was ever
-- claimed for, and not given up, is kept as `u:` until its end.
-- KEYS: 1 session
-- ARGV: 1 user  2 user that it was and that was given up ('' none)  3 epoch
-- Returns 1 · -1 no such session · -2 fenced
local state, epoch = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[3] then return -2 end
redis.call('HDEL', KEYS[1], 'u:' .. ARGV[2])
redis.call('HSET', KEYS[1], 'user', ARGV[1], 'u:' .. ARGV[1], '')
return 1
