#!lua flags=allow-oom
-- Reads the users online, and the entry of the feed as of which these are all: the entries up to it are included, and no
-- later one is.
-- KEYS: 1 people  2 arrivals  3 meta
-- ARGV: 1 listed (people to return at most)
-- Returns { id of the feed's last entry, number online, profile … latest first }
local people, arrivals, meta = unpack(KEYS)
local listed = unpack(ARGV)
local answer = { redis.call('HGET', meta, 'last') or '0-0', redis.call('HLEN', people) }
return addPeople(answer, people, arrivals, listed)
