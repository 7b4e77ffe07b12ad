# Makes cohort.csv of this example from the Mayo Clinic trial in primary biliary cirrhosis, as it comes with R's
# `survival` (data sets pbc and pbcseq): one row a randomised patient.
# Run: Rscript make_cohort.R
library(survival)

visits <- pbcseq
start <- visits[visits$day == 0, ]
first <- visits[visits$day > 0 & visits$day <= 270, ]
first <- first[!duplicated(first$id), ]
change <- merge(
  data.frame(id = first$id, bilirubin_day = first$day, later = first$bili),
  data.frame(id = start$id, before = start$bili)
)
ratio <- round(change$later / change$before, 8)
change$bilirubin_change <- ifelse(ratio > 1.2, "rise", ifelse(ratio < 0.8, "fall", "stable"))

cohort <- data.frame(
  id = sprintf("PBC%03d", start$id),
  time = start$futime,
  status = start$status,
  arm = ifelse(start$trt == 1, "D-penicillamine", "placebo"),
  age = round(start$age, 1),
  sex = start$sex,
  stage = start$stage,
  edema = start$edema,
  albumin = start$albumin,
  log_bilirubin = round(log2(start$bili), 4)
)
change$id <- sprintf("PBC%03d", change$id)
cohort <- merge(cohort, change[, c("id", "bilirubin_change", "bilirubin_day")], all.x = TRUE)
write.csv(cohort, "cohort.csv", row.names = FALSE, na = "", quote = FALSE)
