#!lua
-- Notes whether the owner of a ticket is connected; who isn't is not paired. What an earlier epoch says changes nothing.
-- KEYS: 1 stamps  2 meta  3 changes (channel)
-- ARGV: 1 session  2 number of its ticket  3 epoch  4 1 if connected else 0
-- Returns 1 · 0 that ticket isn't here · -2 an earlier epoch
local stamp = redis.call('HGET', KEYS[1], ARGV[1])
if not stamp then return 0 end
local number, epoch = string.match(stamp, '^(%d+) (%d+)')
if number ~= ARGV[2] then return 0 end
if tonumber(epoch) > tonumber(ARGV[3]) then return -2 end
stamp = number .. ' ' .. ARGV[3] .. ' ' .. ARGV[4]
redis.call('HSET', KEYS[1], ARGV[1], stamp)
local revision = redis.call('HINCRBY', KEYS[2], 'revision', 1)
redis.call('SPUBLISH', KEYS[3], cjson.encode({ revision, 'stamp', ARGV[1], stamp }))
return 1
