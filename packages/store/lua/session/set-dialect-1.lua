#!lua
-- Sets the dialect of a session that was opened without one.
-- KEYS: 1 session
-- ARGV: 1 dialect  2 epoch
-- Returns 1
-- Errors: -1 unknown · -2 fenced
local session = unpack(KEYS)
local dialect, epoch = unpack(ARGV)
local state, current = unpack(redis.call('HMGET', session, 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
redis.call('HSET', session, 'dialect', dialect)
return 1
