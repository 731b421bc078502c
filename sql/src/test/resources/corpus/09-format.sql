-- What tables look like.
SELECT 1 AS x WHERE false;
SELECT 'a' AS "a rather long column name", 1 AS n;
SELECT 'a value longer than its header' AS s, 123456789 AS n;
SELECT E'two\nlines' AS s, 1 AS n, E'x\ny\nz' AS t;
SELECT E'first\nsecond' AS a;
SELECT 1 AS "head
er", 2 AS b;
SELECT E'tab\there' AS t, E'cr\rhere' AS c, E'\x01\x7f' AS ctl;
SELECT '日本語' AS 日本, 'é' AS accent, 'e' || chr(769) AS combining, '😀' AS emoji;
SELECT 'ｗｉｄｅ' AS w, 'narrow' AS n UNION ALL SELECT 'x', '漢';
SELECT NULL AS nothing, '' AS empty, ' ' AS blank;
SELECT true AS t, false AS f, NULL::boolean AS n;
SELECT -1 AS neg, 10 AS pos UNION ALL SELECT 100, -1000 ORDER BY 1;
SELECT 1.5 AS num, 2::float8 AS dbl, 'right?' AS txt, date '2024-01-01' AS d, interval '1 day' AS i, '\x00'::bytea AS b;
SELECT a, b FROM (VALUES (1, 'x'), (NULL, NULL), (3, 'zzz')) AS v (a, b);
SELECT (1, 'a', NULL, true, 'b c', 'd"e', '') AS r;
SELECT ROW(1, 2) AS r, ROW('x') AS s, ROW() AS e;
SELECT E'trailing newline\n' AS s;
SELECT E'\n' AS s, E'\n\n' AS t, 1 AS n;
SELECT 'x' AS ctl_ﬀ, 'ß' AS "straße";
SELECT repeat('ab', 60) AS wide;
SELECT;
SELECT FROM (VALUES (1), (2)) AS v;
SELECT 1 AS a, 2 AS a, 3 AS a;
/* a comment */ SELECT /* nested /* comment */ still */ 1 AS one; -- and a tail
SELECT 'semi;colon' AS s; SELECT $$;$$ AS d; SELECT 2 AS same_line;
SELECT 1
  AS
  spread
  ;
;;
SELECT 'last without semicolon' AS s
