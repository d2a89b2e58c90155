#!lua
-- Makes a pairing final. If both tickets are there with the stamps that the matchmaker saw, both are taken out and the
-- assignment is written; else nothing changes.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes  6 assignments
-- ARGV: 1 one (session)  2 oneStamp  3 two (session)  4 twoStamp  5 room  6 waited (by both together, ms)
-- Returns 1 · 0 a ticket is gone or has changed
local waiting, tickets, stamps, meta, changes, assignments = unpack(KEYS)
local one, oneStamp, two, twoStamp, room, waited = unpack(ARGV)
local found = redis.call('HMGET', stamps, one, two)
if found[1] ~= oneStamp or found[2] ~= twoStamp then return 0 end
local oneTicket, twoTicket = unpack(redis.call('HMGET', tickets, one, two))
local onePlace, twoPlace = unpack(redis.call('ZMSCORE', waiting, one, two))
redis.call('ZREM', waiting, one, two)
redis.call('HDEL', tickets, one, two)
redis.call('HDEL', stamps, one, two)
redis.call('XADD', assignments, '*', 'room', room,
  'one', one, 'oneStamp', oneStamp, 'onePlace', onePlace, 'oneTicket', oneTicket,
  'two', two, 'twoStamp', twoStamp, 'twoPlace', twoPlace, 'twoTicket', twoTicket)
redis.call('HINCRBY', meta, 'pairs', 1)
redis.call('HINCRBY', meta, 'waitedMs', waited)
local revision = redis.call('HINCRBY', meta, 'revision', 1)
redis.call('SPUBLISH', changes, cjson.encode({ revision, 'drop', one, two }))
return 1
