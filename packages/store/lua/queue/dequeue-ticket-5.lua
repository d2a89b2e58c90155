#!lua flags=allow-oom
-- Takes a session's ticket out of a queue, unless it is a newer one.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes
-- ARGV: 1 session  2 number (of the newest ticket to take out)
-- Returns 1 · 0 there is none, or a newer one
local waiting, tickets, stamps, meta, changes = unpack(KEYS)
local session, number = unpack(ARGV)
local stamp = redis.call('HGET', stamps, session)
if not stamp or tonumber(string.match(stamp, '^%d+')) > tonumber(number) then return 0 end
redis.call('ZREM', waiting, session)
redis.call('HDEL', tickets, session)
redis.call('HDEL', stamps, session)
local revision = redis.call('HINCRBY', meta, 'revision', 1)
redis.call('SPUBLISH', changes, cjson.encode({ revision, 'drop', session }))
return 1
