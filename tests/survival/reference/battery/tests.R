# Log-rank, Peto, stratified, trend and pairwise tests; Mantel-Byar and Simon-Makuch for a group that changes.

source("recording.R")
record <- new_record()
put <- record$put
# with ties = "exact" the score test of a Cox model has the hypergeometric variance of the log-rank test
score <- function(y, x, layer) {
  formula <- if (is.null(layer)) y ~ x else y ~ x + strata(layer)
  suppressWarnings(coxph(formula, ties = "exact", control = coxph.control(iter.max = 0)))$score
}
total <- function(x) if (is.matrix(x)) rowSums(x) else x

for (case in read_cases("tests")) {
  frame <- read_data(case$data, case$only)
  frame <- frame[!is.na(frame[[case$group]]) & frame[[case$group]] != "", ]
  y <- response(case, frame)
  group <- factor(frame[[case$group]])
  layers <- list(plain = NULL, strata = if (nzchar(case$strata)) frame[[case$strata]])
  for (way in names(layers)) {
    layer <- layers[[way]]
    if (way == "strata" && is.null(layer)) next
    put(case$case, paste(way, "score"), "statistic", score(y, group, layer))
    put(case$case, paste(way, "trend"), "statistic", score(y, as.numeric(group) - 1, layer))
    if (nzchar(case$start)) next
    for (rho in 0:1) {
      fit <- if (is.null(layer)) survdiff(y ~ group, rho = rho) else survdiff(y ~ group + strata(layer), rho = rho)
      put(case$case, paste(way, "log-rank", rho), "statistic", fit$chisq)
      if (rho == 0) {
        put(case$case, paste(way, "observed"), levels(group), total(fit$obs))
        put(case$case, paste(way, "expected"), levels(group), total(fit$exp))
      }
    }
  }
  if (nzchar(case$start) || nlevels(group) < 3) next
  pairs <- combn(levels(group), 2)
  fits <- apply(pairs, 2, function(p) survdiff(y ~ group, subset = group %in% p)$chisq)
  p <- pchisq(fits, 1, lower.tail = FALSE)
  name <- apply(pairs, 2, paste, collapse = " against ")
  put(case$case, "pair statistic", name, fits)
  put(case$case, "pair p_value", name, p)
  put(case$case, "pair holm", name, p.adjust(p, "holm"))
  put(case$case, "pair bh", name, p.adjust(p, "BH"))
}

# one row a patient with the day of a switch, made into rows before and after it
split_rows <- function(frame) {
  switched <- !is.na(frame$switch) & frame$switch < frame$time
  before <- subset(frame, !switched | switch > 0)
  early <- !is.na(before$switch) & before$switch < before$time
  before <- data.frame(start = 0, stop = ifelse(early, before$switch, before$time),
                       event = ifelse(early, 0, before$event), after = 0)
  after <- with(subset(frame, switched), data.frame(start = pmax(switch, 0), stop = time, event, after = 1))
  subset(rbind(before, after), stop > start)
}
# observed minus expected over the days of events; the exact score test of R says the same (jasa), but slowly with ties
mantel_byar <- function(rows) {
  parts <- sapply(sort(unique(rows$stop[rows$event == 1])), function(t) {
    risk <- rows$start < t & rows$stop >= t
    dead <- risk & rows$stop == t & rows$event == 1
    n <- sum(risk); d <- sum(dead); n1 <- sum(rows$after[risk])
    c(sum(rows$after[dead]), d * n1 / n, if (n > 1) d * (n - d) / (n - 1) * n1 / n * (1 - n1 / n) else 0)
  })
  c(sum(parts[1, ]), sum(parts[2, ]), (sum(parts[1, ]) - sum(parts[2, ]))^2 / sum(parts[3, ]))
}
for (name in c("jasa", "myeloid", "mgus2_switch")) {
  frame <- read_data(name)
  frame <- frame[frame$time > 0, ]
  rows <- split_rows(frame)
  put(name, "mantel-byar", c("observed", "expected", "statistic"), mantel_byar(rows))
  if (name == "jasa") stopifnot(all.equal(mantel_byar(rows)[3],
                                          score(with(rows, Surv(start, stop, event)), rows$after, NULL)))
  fit <- survfit(Surv(start, stop, event) ~ after, rows, conf.type = "log-log")
  for (state in 1:2) {
    part <- fit[state]
    at <- unique(round(seq(1, length(part$time), length.out = 12)))
    for (item in c("surv", "lower", "upper", "n.risk")) put(name, paste("simon-makuch", item, state), part$time[at], part[[item]][at])
    put(name, paste("simon-makuch median", state), c("quantile", "upper"), unlist(quantile(part, 0.5)[c("quantile", "upper")]))
  }
}
record$write("tests.csv")
