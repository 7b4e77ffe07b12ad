# What mice imputes: distributions of the imputed values and pooled Cox models, to be compared loosely, since draws differ.
# From pbc with gaps made at random given the outcome and the age (gaps.csv says where).

source("recording.R")
suppressPackageStartupMessages(library(mice))
record <- new_record()
put <- record$put
frame <- read_data("pbc")[c("time", "event", "age", "edema", "bili", "albumin", "stage")]
set.seed(20261122)
chance <- plogis(-1.2 + 0.8 * frame$event + 0.03 * (frame$age - 50))
gaps <- sapply(c("bili", "albumin", "stage", "edema"), function(name) runif(nrow(frame)) < chance)
write.csv(gaps * 1L, file.path("data", "pbc_gaps.csv"), row.names = FALSE, quote = FALSE)
frame$logbili <- log(frame$bili)
frame$swollen <- factor(frame$edema > 0)
frame$stage <- factor(frame$stage)
names_of <- c(bili = "logbili", albumin = "albumin", stage = "stage", edema = "swollen")
for (name in names(names_of)) frame[gaps[, name], names_of[[name]]] <- NA
frame$hazard <- nelsonaalen(frame, time, event)
used <- frame[c("age", "logbili", "albumin", "stage", "swollen", "event", "hazard", "time")]
predictors <- make.predictorMatrix(used)
predictors[, "time"] <- 0
method <- make.method(used)
method["stage"] <- "polyreg"
m <- 60
completed <- mice(used, m = m, maxit = 10, method = method, predictorMatrix = predictors, seed = 1, printFlag = FALSE)
tables <- lapply(seq_len(m), function(k) complete(completed, k))
for (name in c("logbili", "albumin")) {
  drawn <- sapply(tables, function(t) t[[name]][is.na(used[[name]])])
  put(name, "imputed", c("mean", "sd", "mean of the dead", "mean of the living"),
      c(mean(drawn), sd(drawn), mean(drawn[used$event[is.na(used[[name]])] == 1, ]),
        mean(drawn[used$event[is.na(used[[name]])] == 0, ])))
}
for (name in c("stage", "swollen")) {
  drawn <- unlist(lapply(tables, function(t) as.character(t[[name]][is.na(used[[name]])])))
  put(name, "imputed", names(table(drawn)), prop.table(table(drawn)))
}
fits <- lapply(tables, function(t) coxph(Surv(time, event) ~ age + logbili + albumin + stage + swollen, t))
pooled <- pool(as.mira(fits), dfcom = sum(frame$event) - 7)$pooled
put("cox", "coefficient", pooled$term, pooled$estimate)
put("cox", "standard_error", pooled$term, sqrt(pooled$t))
put("cox", "fraction_missing", pooled$term, pooled$fmi)
record$write("imputation.csv")
