#!lua flags=allow-oom
-- Puts a draft in the place of a feed if it has every entry of it, and notifies the nodes, which forget the entries that
-- they have in memory. Where entries were removed, or another draft took the place, since the draft was begun, it is void.
-- KEYS: 1 feed  2 meta  3 draft
-- ARGV: 1 rewrites (how often the feed had been rewritten when the draft was begun)
-- Returns 1 replaced · 0 entries have come that are not copied yet
-- Errors: -8 outdated: the draft is void, and removed
local feed, meta, draft = unpack(KEYS)
local rewrites = unpack(ARGV)
local first = redis.call('XRANGE', feed, '-', '+', 'COUNT', 1)[1]
local known = redis.call('HGET', meta, 'rewrites') or '0'
if not first or known ~= rewrites then
  redis.call('DEL', draft)
  return first and -8 or 1
end
redis.call('XTRIM', draft, 'MINID', first[1])
local last = redis.call('XREVRANGE', feed, '+', '-', 'COUNT', 1)[1][1]
local copied = redis.call('XREVRANGE', draft, '+', '-', 'COUNT', 1)[1]
if not copied or copied[1] ~= last then return 0 end
if redis.call('XLEN', draft) ~= redis.call('XLEN', feed) then
  redis.call('DEL', draft)
  return -8
end
redis.call('RENAME', draft, feed)
redis.call('PERSIST', feed)
redis.call('HINCRBY', meta, 'rewrites', 1)
redis.call('SPUBLISH', feed, '0-0\n\n')
return 1
