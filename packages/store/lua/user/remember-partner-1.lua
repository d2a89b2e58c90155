#!lua
-- Remembers a partner, the last few of them, for a while.
-- KEYS: 1 partners met
-- ARGV: 1 partner  2 now (ms)  3 how many  4 for how long (ms)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -tonumber(ARGV[3]) - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
