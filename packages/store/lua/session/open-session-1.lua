#!lua
-- Opens a session, live on a node, in epoch 1.
-- KEYS: 1 session
-- ARGV: 1 dialect ('' until it is known)  2 hash of the recovery secret  3 node  4 now (ms)
--   5 user of the token that it is opened with ('' none)
-- Returns 1 · -1 the id is taken
if redis.call('EXISTS', KEYS[1]) == 1 then return -1 end
redis.call('HSET', KEYS[1], 'state', 'live', 'dialect', ARGV[1], 'secret', ARGV[2], 'node', ARGV[3], 'epoch', 1,
  'number', 0, 'asks', 0, 'opened', ARGV[4])
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'bearer', ARGV[5]) end
return 1
