#!lua flags=allow-oom
-- Ends the counting of a session in its dialect, and counts that as a change.
-- KEYS: 1 sessions  2 meta
-- ARGV: 1 session
-- Returns 1 · 0 it was not counted
local sessions, meta = unpack(KEYS)
local session = unpack(ARGV)
if redis.call('HDEL', sessions, session) == 0 then return 0 end
redis.call('HINCRBY', meta, 'changes', 1)
return 1
