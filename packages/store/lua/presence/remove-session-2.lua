#!lua
-- Counts a session in its dialect no more, and the change.
-- KEYS: 1 sessions  2 meta
-- ARGV: 1 session
-- Returns 1 · 0 it was not counted
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[2], 'changes', 1)
return 1
