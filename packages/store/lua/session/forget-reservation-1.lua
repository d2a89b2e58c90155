#!lua
-- Forgets a reservation that was undone.
-- KEYS: 1 session
-- ARGV: 1 room
-- Returns how many fields went
return redis.call('HDEL', KEYS[1], 'p:' .. ARGV[1], 'b:' .. ARGV[1])
