#!lua flags=allow-oom
-- Removes bans whose end has passed, some at a time. A ban that was put in force anew has its new end.
-- KEYS: 1 bans  2 ends  3 meta  4 banChanges
-- ARGV: 1 now (ms)  2 most (how many at a time)
-- Returns how many
local bans, ends, meta, banChanges = unpack(KEYS)
local now, most = unpack(ARGV)
local over = redis.call('ZRANGE', ends, '-inf', now, 'BYSCORE', 'LIMIT', 0, most)
if #over == 0 then return 0 end
redis.call('HDEL', bans, unpack(over))
redis.call('ZREM', ends, unpack(over))
local before = redis.call('HGET', meta, 'revision') or '0'
local revision = nextRevision(before, now)
redis.call('HSET', meta, 'revision', revision)
redis.call('SPUBLISH', banChanges, cjson.encode({ before, revision, 'drop', unpack(over) }))
return #over
