#!lua flags=allow-oom
-- Takes or renews the lease to pair the tickets of a queue.
-- KEYS: 1 leader
-- ARGV: 1 matchmaker  2 length (ms)
-- Returns 1 · 0 another matchmaker holds it
local leader = unpack(KEYS)
local matchmaker, length = unpack(ARGV)
local holder = redis.call('GET', leader)
if holder and holder ~= matchmaker then return 0 end
redis.call('SET', leader, matchmaker, 'PX', length)
return 1
