#!lua
-- Gives up a lease, if it is still held.
-- KEYS: 1 leader
-- ARGV: 1 matchmaker
-- Returns 1 · 0 another one holds it
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
