#!lua flags=allow-oom
-- Gives up the lease to pair the tickets of a queue, if the matchmaker still holds it.
-- KEYS: 1 leader
-- ARGV: 1 matchmaker
-- Returns 1 · 0 another matchmaker holds it, or none
local leader = unpack(KEYS)
local matchmaker = unpack(ARGV)
if redis.call('GET', leader) ~= matchmaker then return 0 end
return redis.call('DEL', leader)
